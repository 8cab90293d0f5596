# A revoked mediator comes back
08:00 枫源村 adds a mediator
08:05 枫源村 notes the case 地界
08:10 The mediator of 枫源村 writes the wish of 地界: 请乡里丈量
09:00 枫源村 revokes the mediator
// She still sits at the machine.
09:05 The mediator of 枫源村 writes the wish of 地界: 不作数
09:10 The power of 枫源村 goes
09:11 The power of 枫源村 comes back
09:15 The mediator of 枫源村 comes back and unlocks
09:20 枫源村 looks at 地界
