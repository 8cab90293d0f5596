# What went up is called back, and nobody has it any more
08:00 枫源村 notes the case 排水沟
08:10 枫源村 sends 排水沟 up, onward as well if need be
09:00 青河镇 opens 排水沟
09:05 青河镇 advises on 排水沟: 请两村各出一人
09:10 青河镇 sends 排水沟 onward: 涉及外镇
09:30 示例县 is cut off from everybody
10:00 枫源村 recalls 排水沟: 当事人撤回同意
10:05 枫源村 looks at what was recalled
10:10 青河镇 looks at 排水沟
10:15 青河镇 looks at what was recalled
10:20 青河镇 advises on 排水沟: 还想说一句
// The county still has it, and cannot know.
10:30 示例县 opens 排水沟
11:00 示例县 is connected again
11:30 示例县 looks at 排水沟
11:35 枫源村 looks at what was recalled
11:40 枫源村 looks at 排水沟
