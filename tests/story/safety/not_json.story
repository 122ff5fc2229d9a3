Story: what is no JSON, or says the same thing twice, is refused politely

Given a tenant "tea" owned by mei
When mei posts /categories
  { "name": "Drinks"
Then the answer is 400 "json.malformed"
And nothing was written and nothing was published
When mei posts /categories
  { "name": "Drinks", "name": "Food" }
Then the answer is 400 "json.duplicate_key"
And nothing was written and nothing was published
When mei posts /categories
  [ "Drinks" ]
Then the answer is 422
And nothing was written and nothing was published
When mei posts /categories
Then the answer is 422 "input.invalid"
And the answer complains about "name": "field.required"
