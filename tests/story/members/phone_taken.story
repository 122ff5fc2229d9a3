Story: a phone number belongs to one member

Given a tenant "tea" owned by mei
And a member "zhao" with phone 13812345678
When mei posts /members
  { "phone": "138 1234 5678", "name": "Qian" }
Then the answer is 409 "member.phone_taken"
And the answer never says "5678"
And nothing was written and nothing was published
When mei posts /members
  { "phone": "13912345678", "name": "Qian", "birthday": "1990-02-28", "gender": "female" }
Then the answer is 201
And answer.gender is female
And answer.birthday is 1990-02-28
And "member.created" was recorded once by mei
