Story: a member is found by her exact phone, her code or the beginning of her name

Given a tenant "tea" owned by mei
And a member "zhao" with phone 13812345678
And a member "qian" with phone 13912345678
When mei gets /members?phone=13812345678
Then answer.total is 1
And answer.items[0].id is $member.zhao
And answer.items[0].phone_masked is 138****5678
And the answer is called "found"
When mei gets /members?phone=13800000000
Then answer.total is 0
When mei gets /members?q=$found.items[0].code
Then answer.total is 1
And answer.items[0].id is $member.zhao
