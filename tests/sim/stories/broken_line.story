# The line breaks in the middle of a sync, and the next one goes on where it stopped
08:00 枫源村 is cut off from everybody
08:10 枫源村 notes 12 cases with long stories and sends them up
// The first message of records is some 96 KiB, the second has the rest.
09:00 The line of 枫源村 will break after 138000 bytes
09:00 枫源村 is connected again
10:00 What did 枫源村 send since the story, or since this was asked last?
