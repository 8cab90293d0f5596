# Everybody who is asked declines, and then one takes it
08:00 枫源村 notes the case 水渠
08:10 枫源村 sends 水渠 up
09:00 青河镇 opens 水渠
09:05 青河镇 grades 水渠: 二级
// Within the terms, and not before.
09:10 青河镇 invites to 水渠: 示例县
09:15 枫源村 permits 水渠 to go onward
09:20 青河镇 invites to 水渠: 示例县
10:00 示例县 says how far it is with 水渠: declined
10:05 示例县 opens 水渠
10:10 示例县 says how far it is with 水渠: declined
10:20 青河镇 says how far it is with 水渠: declined
11:00 示例县 is cut off from everybody
11:05 示例县 says how far it is with 水渠: taken
11:10 青河镇 advises on 水渠: 两村先各清一段
12:00 示例县 is connected again
