/*
 * daemon_main: main() of fengqiaod, compiled once more under this name for its test.
 */
#ifndef FENGQIAO_TESTS_DAEMON_MAIN_H
#define FENGQIAO_TESTS_DAEMON_MAIN_H

int daemon_main(int argc, char *argv[]);

#endif
