# Two people write to one case at once
08:00 枫源村 adds a mediator
08:05 枫源村 notes the case 地界
08:10 枫源村 writes the wish of 地界: 按旧界石
08:10 The mediator of 枫源村 writes the wish of 地界: 请乡里丈量
08:15 枫源村 looks at 地界
