Story: what somebody types breaks no line of any log and turns no name around

Given a tenant "tea" owned by mei
When mei posts /roles
  { "name": "clerk\u001b[2J\u001b[31m", "permissions": ["order.view"] }
Then the answer is 422 "input.invalid"
And the answer complains about "name": "field.control_characters"
And nothing was written and nothing was published
When mei posts /roles
  { "name": "clerk\r\n{\"level\":\"error\",\"event\":\"forged\"}", "permissions": ["order.view"] }
Then the answer is 422 "input.invalid"
And the answer complains about "name": "field.control_characters"
When mei posts /roles
  { "name": "\u202ereganam", "permissions": ["order.view"] }
Then the answer is 422 "input.invalid"
And the answer complains about "name": "field.control_characters"
When mei posts /roles
  { "name": "a\u0000b", "permissions": ["order.view"] }
Then the answer is 422 "input.invalid"
And the answer complains about "name": "field.control_characters"
# What looks like a formula or like markup is a name like any other, and stays one where it is shown.
When mei posts /roles
  { "name": "=HYPERLINK(1)</script>", "permissions": ["order.view"] }
Then the answer is 201
When mei posts /audit-exports
  { "format": "csv", "action": "role.created" }
Then the answer is 200
And the answer says "'=HYPERLINK(1)"
# A page elsewhere says it is from "…": written down as one value of one line.
When mei posts /roles saying it comes from "https://evil.test/{'event':'forged'}"
  { "name": "second", "permissions": ["order.view"] }
Then the answer is 403 "origin.refused"
And the server's log says "evil.test/{'event':'forged'}"
And the server's log never says "clerk"
And the server's log never says "forged\r"
