Story: what must be chosen must be chosen, once, and from this product

Given a tenant "tea" owned by mei
And a store "S1"
And a product "milk-tea" of 12.00 with choice "sugar" of "full" or "half" and topping "pearl" of 2.00 and topping "jelly" of 3.00
And a product "cake" of 20.00 with topping "cream" of 1.00
When mei posts /orders/preview
  { "store_id": "$store.S1", "mode": "pick_up",
    "lines": [ { "spec_id": "$spec.milk-tea", "quantity": 2, "option_ids": ["$option.half", "$option.pearl", "$option.jelly"] } ] }
Then the answer is 200
And answer.lines[0].unit_fen is 1700
And answer.total_fen is 3400
When mei posts /orders/preview
  { "store_id": "$store.S1", "mode": "pick_up",
    "lines": [ { "spec_id": "$spec.milk-tea", "quantity": 1, "option_ids": ["$option.pearl"] } ] }
Then the answer is 422 "input.invalid"
And the answer complains about "lines[0].option_ids": "order.option_missing"
When mei posts /orders/preview
  { "store_id": "$store.S1", "mode": "pick_up",
    "lines": [ { "spec_id": "$spec.milk-tea", "quantity": 1, "option_ids": ["$option.full", "$option.half"] },
               { "spec_id": "$spec.milk-tea", "quantity": 1, "option_ids": ["$option.full", "$option.pearl", "$option.pearl"] },
               { "spec_id": "$spec.milk-tea", "quantity": 1, "option_ids": ["$option.full", "$option.cream"] } ] }
Then the answer is 422 "input.invalid"
And the answer complains about "lines[0].option_ids": "order.options_too_many"
And the answer complains about "lines[1].option_ids": "order.option_twice"
And the answer complains about "lines[2].option_ids": "order.option_unknown"
And the answer complains about 3 fields
And nothing was written and nothing was published
