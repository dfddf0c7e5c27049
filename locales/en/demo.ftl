demo-accounts = **Demo ministry.** Everybody in it is invented. Press *Authorize* and sign in with one of these names and the password `{ $password }`:
demo-name = name
demo-who = who
demo-account-training-officer = runs the training year for the whole ministry
demo-account-unit-head = heads Phòng Hành chính - Văn thư: nominates and rates its people
demo-account-institute = the ministry's own school: catalogue, rosters, results, own scores, corrective actions
demo-account-hr-portal = what the HR portal may do, as a person
demo-account-leader = decides plans and nominations, reads every report
demo-account-employee = a clerk of that division: record, gaps, evaluations
demo-account-auditor = reads everything that was decided
demo-account-system-admin = accounts and clients
demo-account-institute-dhcnhn = another institute, Trường Đại học Công nghiệp Hà Nội
demo-clients = Machine clients: `{ $client }` (HR portal) and `{ $other }` (that institute's system), secret `{ $password }` (client credentials).
demo-begin = Where to begin: as `unit_head`, find the unit (`GET /v1/units?code=VP-HCVT`), look at its gaps (`GET /v1/units/{"{"}id{"}"}/gaps`) and nominate three of those who lack the competency `BMNN`, for example { $people }, for the open class in person of *Bảo vệ bí mật nhà nước* (`GET /v1/offerings?course_code=BMNN-01&status=open`): the third who is nominated is refused, as the division would fall under its minimum on Tuesday morning, and is offered the class online. As `leader` or `training_officer`, read the effectiveness of courses (`GET /v1/reports/effectiveness?by=course&detail=summary`).
