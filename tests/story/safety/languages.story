Story: problems speak the language of the browser; their codes never change

Given a tenant "tea" owned by mei
When mei gets /orders/0000000000001 in English
Then the answer is 404 "order.not_found"
And answer.title is "No such order"
When mei gets /orders/0000000000001 in Chinese
Then the answer is 404 "order.not_found"
And answer.title is "订单不存在"
When mei gets /nothing-here in English
Then the answer is 404 "route.not_found"
When mei patches /orders
  {}
Then the answer is 405 "method.not_allowed"
And the header "allow" contains "GET"
