Story: looking and being refused are recorded too

Given a tenant "tea" owned by mei
And a store "S1"
And a member "zhao" with phone 13812345678
And wang works at store "S1" and may member.view
When wang gets /members/$member.zhao
Then the answer is 200
When wang gets /orders
Then the answer is 403 "permission.denied"
When the visits are written down
And mei gets /audit-records?kind=visit&actor_id=$staff.wang
Then the answer is 200
And the answer says "member.view"
And the answer says "order.list"
And the answer says "refused"
And the answer says "$member.zhao"
And the answer never says "13812345678"
