Story: a password is taken letter by letter, however long, and nothing of it is forgiven

Given a tenant "tea" owned by mei
When mei posts /session/password
  { "new_password": " Zwölf Möwen über dem Häfen, und eine 沉默的 dreizehnte schwimmt hinterher; so long that nobody types it twice: 0918273645. " }
Then the answer is 204
When phone posts /session
  { "tenant_code": "tea", "login_name": "mei", "password": " Zwölf Möwen über dem Häfen, und eine 沉默的 dreizehnte schwimmt hinterher; so long that nobody types it twice: 0918273645. " }
Then the answer is 200
# Without the blanks at its ends.
When stranger posts /session
  { "tenant_code": "tea", "login_name": "mei", "password": "Zwölf Möwen über dem Häfen, und eine 沉默的 dreizehnte schwimmt hinterher; so long that nobody types it twice: 0918273645." }
Then the answer is 401 "session.refused"
# Its first 72 bytes, all that some hashes look at.
When stranger posts /session
  { "tenant_code": "tea", "login_name": "mei", "password": " Zwölf Möwen über dem Häfen, und eine 沉默的 dreizehnte schwi" }
Then the answer is 401 "session.refused"
# In capitals.
When stranger posts /session
  { "tenant_code": "tea", "login_name": "mei", "password": " ZWÖLF MÖWEN ÜBER DEM HÄFEN, UND EINE 沉默的 DREIZEHNTE SCHWIMMT HINTERHER; SO LONG THAT NOBODY TYPES IT TWICE: 0918273645. " }
Then the answer is 401 "session.refused"
# One sign wrong in the middle.
When stranger posts /session
  { "tenant_code": "tea", "login_name": "mei", "password": " Zwölf Möwen über dem Häfen, und eine 沉默的 dreizehnte schwimmt hinterher; so long that nobody types it thrice: 0918273645. " }
Then the answer is 401 "session.refused"
