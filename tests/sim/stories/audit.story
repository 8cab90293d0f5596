# An audit: what waits is open, and each step of a record is told
08:00 枫源村 notes the case 排水沟
08:10 枫源村 sends 排水沟 up, onward as well if need be
09:00 青河镇 opens 排水沟
09:05 青河镇 advises on 排水沟: 请两村各出一人
09:10 青河镇 sends 排水沟 onward: 涉及外镇
09:20 枫源村 is audited
09:25 枫源村 tells the story of 排水沟
// A steward is no auditor.
09:26 枫源村 notes as an auditor of 排水沟: 逐条核对
09:30 示例县 is cut off from everybody
10:00 枫源村 recalls 排水沟: 当事人撤回同意
10:05 枫源村 is audited
11:00 示例县 is connected again
11:30 枫源村 is audited
// Danger that nobody has answered for.
12:00 枫源村 adds a mediator
12:05 枫源村 notes the case 家暴
12:11 The mediator of 枫源村 sees danger to life in 家暴: 扬言杀人
12:12 The mediator of 枫源村 sends 家暴 up at once: 有人持刀
12:15 青河镇 is audited
12:20 枫源村 confirms what was sent of 家暴: 核实过
12:25 青河镇 is audited
