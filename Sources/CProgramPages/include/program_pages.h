#pragma once

// Takes the pages of the program's file and of its libraries that can only be read out of resident memory. What is used again comes
// back from the page cache as it is used, and the kernel can give the rest to others.
void program_pages_release(void);
