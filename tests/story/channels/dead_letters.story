Story: what cannot be delivered is kept, told about, and sent again by hand

# In these stories only 127.0.0.1 may be spoken to: the robot's host is refused by the way out itself.
Given a tenant "tea" owned by mei
When mei posts /channels
  { "kind": "feishu", "name": "Duty", "address": "https://open.feishu.cn/open-apis/bot/v2/hook/0123456789", "locale": "en", "severity_min": "warning" }
Then the answer is called "channel"
When the house tells mei "sign_in.unusual"
  { "place": "Chengdu", "network": "203.0.113.9" }
And mei gets /channels/$channel.id/deliveries
Then answer.items has 1 entry
And answer.items[0].state is "dead"
And answer.items[0].words contains "egress.host_not_allowed"
And the answer is called "deliveries"
When mei gets /notices
Then answer.items[0].kind is "channel.failing"
When mei posts /deliveries/$deliveries.items[0].id/retry
Then the answer is 204
And "delivery.retried" was recorded once by mei
When mei posts /channels/$channel.id/test
Then the answer is 201
And "channel.tested" was recorded once by mei
When mei gets /channels/$channel.id/deliveries
Then answer.items[0].kind is "channel.test"
And answer.items[0].state is "dead"
