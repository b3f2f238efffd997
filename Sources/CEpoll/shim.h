// epoll(7), which Swift's Glibc leaves out.
#include <sys/epoll.h>
