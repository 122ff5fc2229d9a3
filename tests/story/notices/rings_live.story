Story: the bell rings at once, for whom it is meant

Given a tenant "tea" owned by mei
And a store "S1"
And wang works at store "S1" and may order.view
And li works at store "S1" and may order.view
When wang listens to the live events
And li listens to the live events
And the house tells wang "password.changed"
  { "network": "203.0.113.9" }
And the house tells li "second_factor.removed"
  { "by": "mei" }
Then wang hears "notice.told" of password.changed
And li hears "notice.told" of second_factor.removed
