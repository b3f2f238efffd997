#pragma once

// Takes those pages of the program's file and its libraries out of resident memory that are there as they are in the files. What is
// used again comes back from the page cache as it is used, and the kernel can give the rest to others.
//
// What somebody has written into them is gone: a debugger's breakpoint. Nothing else can, where code can't be written
// (MemoryDenyWriteExecute=).
void program_pages_release(void);
