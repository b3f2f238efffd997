"""Works callbacks with the varlink library of PyPI, which knows nothing of callbackd but what its socket says.

usage: varlink_client.py SOCKET PERSON
Prints what it found, a line each.
"""

import sys

import varlink

address, person = "unix:" + sys.argv[1], sys.argv[2]
name = "org.callbackd.Control"


def failure(call):
    try:
        call()
    except varlink.VarlinkError as error:
        return error.error()


with varlink.Client(address=address) as client:
    print("interfaces", *client.get_interfaces())
    interface = client.get_interface(name)
    methods = [member for member in interface.members.values() if isinstance(member, varlink.scanner._Method)]
    print("methods", *sorted(method.name for method in methods))
    with client.open(name) as control, client.open(name) as watching:
        changes = watching.Watch(_more=True)
        page = next(changes)
        print("page", page["is_page"], *(row["id"] for row in page["callbacks"]))
        number = control.List()["callbacks"][0]["id"]
        print("show", control.Show(number=number)["detail"]["callback"]["caller"])
        print("ack", control.Acknowledge(number=number, as_person=person)["callback"]["owner"])
        while number not in (row["id"] for row in page["callbacks"] if row.get("owner") == person):
            page = next(changes)
        print("change", page["is_page"], [row.get("owner") for row in page["callbacks"] if row["id"] == number])
        control.Done(number=number, as_person=person)
        kinds = [happening["event"]["kind"] for happening in page["happenings"]]
        while number not in page["gone"]:
            page = next(changes)
            kinds += [happening["event"]["kind"] for happening in page["happenings"]]
        print("happened", *(kind for kind in kinds if kind in ("acknowledged", "reached", "closed")))
        print("status", control.Status()["counts"]["open"])
        print("no such callback", failure(lambda: control.Show(number=99)))
        print("closed", failure(lambda: control.Snooze(number=number, span="1m", as_person=person)))
        print("parameter", failure(lambda: control.Snooze(number=number, span="soon", as_person=person)))
        print("more", failure(lambda: control.Watch()))
        print("method", failure(lambda: control._call("Nothing")))
