Story: a product is made with what it can be, and its specs are replaced as a whole

Given a tenant "tea" owned by mei
And a category "Drinks"
When mei posts /products
  { "code": "T1", "name": "Green tea", "category_id": "$category.Drinks",
    "specs": [ { "code": "T1-S", "name": "small", "price_fen": 900 },
               { "code": "T1-L", "name": "large", "price_fen": 1200 } ],
    "modifier_groups": [ { "name": "Ice", "kind": "choice", "min": 1, "max": 1,
      "options": [ { "name": "less", "price_fen": 0, "default": true },
                   { "name": "none", "price_fen": 0, "default": false } ] } ] }
Then the answer is 201
And answer.price_fen is 900
And answer.price_max_fen is 1200
And answer.specs has 2 entries
And answer.modifier_groups[0].options has 2 entries
And "product.created" was recorded once by mei
And the answer is called "tea"
When mei posts /products
  { "code": "T1", "name": "Again", "category_id": "$category.Drinks",
    "specs": [ { "code": "T9", "name": "small", "price_fen": 900 } ], "modifier_groups": [] }
Then the answer is 409 "product.code_taken"
And nothing was written and nothing was published
When mei patches /products/$tea.id
  { "specs": [ { "id": "$tea.specs[1].id", "code": "T1-L", "name": "large", "price_fen": 1300 } ],
    "version": "$tea.version" }
Then the answer is 200
And answer.specs has 1 entry
And answer.price_fen is 1300
When mei posts /products
  { "code": "T2", "name": "Bad", "category_id": "$category.Drinks",
    "specs": [ { "code": "T2-S", "name": "s", "price_fen": 1 } ],
    "modifier_groups": [ { "name": "Ice", "kind": "choice", "min": 2, "max": 1,
      "options": [ { "name": "a", "price_fen": 0, "default": true },
                   { "name": "b", "price_fen": 0, "default": true } ] } ] }
Then the answer is 422 "input.invalid"
And the answer complains about "modifier_groups[0].min": "product.group_min_above_max"
And the answer complains about "modifier_groups[0].options": "product.too_many_defaults"
And nothing was written and nothing was published
