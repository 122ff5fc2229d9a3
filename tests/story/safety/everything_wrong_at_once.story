Story: a bad form is answered with everything that is wrong, and no field it does not know passes

Given a tenant "tea" owned by mei
And a store "S1"
When mei posts /stores
  { "parent_id": "x", "code": "", "name": 7, "colour": "red", "opening_hours": [ { "weekday": 9, "opens": "07:00" } ] }
Then the answer is 422 "input.invalid"
And the answer complains about "parent_id": "field.not_an_id"
And the answer complains about "name": "field.wrong_type"
And the answer complains about "colour": "field.unknown"
And the answer complains about "opening_hours[0].weekday": "field.out_of_range"
And the answer complains about "opening_hours[0].closes": "field.required"
And nothing was written and nothing was published
When mei posts /orders with key "k-0000001"
  { "store_id": "$store.S1", "mode": "fly", "lines": [], "payment": { "tender": "cash", "amount_fen": 12.5 }, "extra": 1 }
Then the answer is 422 "input.invalid"
And the answer complains about "mode": "field.not_a_choice"
And the answer complains about "lines": "field.wrong_length"
And the answer complains about "extra": "field.unknown"
And nothing was written and nothing was published
When mei gets /stores?limit=1000
Then the answer is 422 "input.invalid"
And the answer complains about "limit": "field.out_of_range"
When mei gets /stores?color=red
Then the answer is 422 "input.invalid"
And the answer complains about "color": "field.unknown"
