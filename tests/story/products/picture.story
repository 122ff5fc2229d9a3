Story: a product gets a picture, which is asked for by a link, replaced and taken away

Given a tenant "tea" owned by mei
And a store "S1"
And a product "milk-tea" of 12.00
And wang works at store "S1" and may product.view
When mei puts /products/$product.milk-tea/picture
  { "content": "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAAC0lEQVR42mNgAAIAAAUAAen63NgAAAAASUVORK5CYII", "version": 1 }
Then the answer is 200
And answer.version is 2
And "product.picture_set" was recorded once by mei
And the answer is called "first"
When wang gets /products/$product.milk-tea
Then answer.picture is $first.picture
When wang gets /product-pictures?product_ids=$product.milk-tea
Then the answer is 200
And answer.items has 1 entry
And answer.items[0].picture is $first.picture
And the answer says "/files/"

# What is no picture stays out, whatever it is called.
When mei puts /products/$product.milk-tea/picture
  { "content": "PHN2ZyBvbmxvYWQ9ImFsZXJ0KDEpIi8-", "version": 2 }
Then the answer is 422 "input.invalid"
And the answer complains about "content": "picture.unknown"
And nothing was written and nothing was published
When mei puts /products/$product.milk-tea/picture
  { "content": "not base64!", "version": 2 }
Then the answer is 422 "input.invalid"
And the answer complains about "content": "picture.not_base64"

# Only who may, and only on what she saw.
When wang puts /products/$product.milk-tea/picture
  { "content": "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAAC0lEQVR42mNgAAIAAAUAAen63NgAAAAASUVORK5CYII", "version": 2 }
Then the answer is 403 "permission.denied"
And nothing was written and nothing was published
When mei puts /products/$product.milk-tea/picture
  { "content": "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAAC0lEQVR42mNgAAIAAAUAAen63NgAAAAASUVORK5CYII", "version": 1 }
Then the answer is 409 "product.stale"
And nothing was written and nothing was published

When mei deletes /products/$product.milk-tea/picture?version=2
Then the answer is 200
And "product.picture_removed" was recorded once by mei
When wang gets /product-pictures?product_ids=$product.milk-tea
Then answer.items has 0 entries
When mei gets /product-pictures?product_ids=milk-tea
Then the answer is 422 "input.invalid"
And the answer complains about "product_ids": "field.malformed"
