"""Roots of Debian, made once and kept: a base by debootstrap, and above it a layer for what each test installs.

Of Debian 12, or of the suite that DEBIAN_SUITE names. They lie outside the sources, in .build/roots, or where CALLBACKD_ROOTS
says. A root that was made half is made again.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
SUITE = os.environ.get("DEBIAN_SUITE", "bookworm")
MIRROR = os.environ.get("DEBIAN_MIRROR", "http://deb.debian.org/debian")
# What the package needs, so that it can be installed without a network.
GMIME = {"bookworm": "libgmime-3.0-0"}.get(SUITE, "libgmime-3.0-0t64")
BASE_PACKAGES = ["systemd", "systemd-sysv", "libsqlite3-0", GMIME]


class Trouble(Exception):
    """A step that failed: what, where, and what to do."""


class Roots:
    def __init__(self, cache=None):
        self.cache = Path(cache or os.environ.get("CALLBACKD_ROOTS") or REPOSITORY / ".build/roots")
        self.cache.mkdir(parents=True, exist_ok=True)
        (self.cache / "archives").mkdir(exist_ok=True)

    def lower(self, name, packages=(), prepare="", finish=""):
        """The directories of an overlay, uppermost first: the base, and `packages` in a layer called `name`.

        `prepare` and `finish` are run by the shell in the root, before and after apt-get.
        """
        base = self._base()
        if not packages:
            return [base]
        made_of = json.dumps([SUITE, BASE_PACKAGES, list(packages), prepare, finish])
        layer = self.cache / f"layer-{SUITE}-{name}"
        stamp = layer / "made-of"
        if not (stamp.exists() and stamp.read_text() == made_of):
            shutil.rmtree(layer, ignore_errors=True)
            for part in ("upper", "work", "root"):
                (layer / part).mkdir(parents=True)
            print(f"  making the root for {name} ({' '.join(packages)})", flush=True)
            self._install(base, layer, packages, prepare, finish)
            stamp.write_text(made_of)
        return [layer / "upper", base]

    def _base(self):
        base = self.cache / f"base-{SUITE}"
        if not base.exists():
            part = base.with_suffix(".part")
            shutil.rmtree(part, ignore_errors=True)
            print(f"  making the base of {SUITE} with debootstrap", flush=True)
            _run(
                ["debootstrap", "--variant=minbase", f"--include={','.join(BASE_PACKAGES)}", SUITE, str(part), MIRROR],
                "debootstrap could not make the base; is the mirror reachable (DEBIAN_MIRROR)?",
            )
            (part / "etc/resolv.conf").write_text("")
            part.rename(base)
        return base

    def _install(self, base, layer, packages, prepare, finish):
        # No daemon is started in a root that is only being made (policy-rc.d), and nobody is asked anything.
        script = f"""
            set -eu
            mount -t overlay overlay -o lowerdir={base},upperdir={layer}/upper,workdir={layer}/work {layer}/root
            mount --bind {self.cache}/archives {layer}/root/var/cache/apt/archives
            cp /etc/resolv.conf {layer}/root/etc/resolv.conf
            mount -t proc proc {layer}/root/proc
            mount --bind /dev {layer}/root/dev
            printf '#!/bin/sh\\nexit 101\\n' >{layer}/root/usr/sbin/policy-rc.d
            chmod +x {layer}/root/usr/sbin/policy-rc.d
            chroot {layer}/root env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive \\
                sh -euc '{prepare}
                apt-get update -qq
                apt-get install -qq -y --no-install-recommends {" ".join(packages)}
                {finish}
                rm -rf /var/lib/apt/lists/*'
            rm {layer}/root/usr/sbin/policy-rc.d
            : >{layer}/root/etc/resolv.conf
        """
        _run(["unshare", "--mount", "--propagation", "private", "sh", "-c", script], f"apt-get in {layer} failed")


def _run(command, otherwise):
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        tail = "\n".join(done.stdout.splitlines()[-15:])
        raise Trouble(f"{otherwise}:\n{tail}")
