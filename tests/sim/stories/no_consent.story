# A party refuses, and nothing leaves
08:00 枫源村 notes the case 家事
08:05 枫源村 hears from the party of 家事 that it refuses
08:10 枫源村 tries to release 家事 all the same
// What the village sent since the story began: charters and their digests, no op of this.
09:00 What did 枫源村 send since the story, or since this was asked last?
