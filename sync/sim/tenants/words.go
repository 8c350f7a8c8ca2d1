package tenants

// The word lists. "Shown/mail" gives the e-mail spelling where it is not just the lower-case form.

func givenNames() []string {
	return []string{
		"Ana", "Zoë/zoe", "Jürgen/juergen", "Bo", "Cy", "Dee", "Łukasz/lukasz", "Noor", "Chloé/chloe", "Mateo", "Priya",
		"Kofi", "伟/wei", "Ingrid", "Tomás/tomas", "Yara", "Oskar", "Amélie/amelie", "Dmitri", "Fatima", "Hiro",
		"Søren/soren", "Leila", "Marcus", "Nadia", "Omar", "Petra", "Quinn", "Ravi", "Sofia", "Tariq", "Uma", "Viktor",
		"Wanda", "Xavier", "Yusuf", "Zara", "Aiko", "Björn/bjoern", "Carmen", "Diego", "Elena", "Farid", "Grace",
		"Hassan", "Ines", "Jonas", "Keiko", "Lars", "Mina", "Nils", "Olga", "Pablo", "Ruth", "Samir", "Tessa", "Ulla",
		"Vera", "Willem", "Ximena", "Yann", "Zeynep", "Arjun", "Bianca", "Colin", "Dora", "Emil", "Freya", "Gideon",
		"Hanna", "Ivan", "Joan", "Kira", "Liam", "Maya", "Niamh", "Otto", "Paula", "Rosa", "Stefan",
	}
}

func familyNames() []string {
	return []string{
		"Li", "Müller/mueller", "O'Brien/obrien", "García/garcia", "Ito", "Okafor", "Kowalski", "Haddad", "Dubois",
		"Silva", "Nair", "Mensah", "陈/chen", "Larsen", "Novák/novak", "van der Berg/vanderberg", "Rossi",
		"Ødegård/odegard", "Petrov", "Rahman", "Sato", "Lindqvist", "Farsi", "Webb", "Hoffmann", "Khan", "Schulz",
		"Reyes", "Iyer", "Costa", "Aziz", "Rao", "Sokolov", "Nowak", "Moreau", "Demir", "Malik", "Tanaka",
		"Åkesson/akesson", "Ortega", "Vega", "Popescu", "Karimi", "Adeyemi", "Saleh", "Ferreira", "Weber", "Mori",
		"Nygaard", "Cohen", "Berg", "Ivanova", "Castro", "Fischer", "Amin", "Bauer", "Holm", "Marin",
		"de Vries/devries", "Flores", "Leroy", "Yilmaz", "Menon", "Conti", "Murphy", "Szabó/szabo", "Keller", "Lund",
		"Stone", "Horvat", "Orlov", "Baker", "Jansen", "Doyle", "Brandt", "Gomes", "Wolf", "Ramos", "Steiner", "Quist",
		"Ahmed", "Byrne", "Cruz", "Dahl", "Engel", "Frank", "Gupta", "Hall", "Ibrahim", "Jung",
	}
}

// firstTeams are the names that a small tenant shows, so that they read like one company's.
func firstTeams() []string {
	return []string{
		"platform-admins", "payments-developers", "payments-readonly", "data-engineers", "security-auditors",
		"billing-viewers", "münchen-operators", "mobile-developers", "ml-research", "network-admins", "search-readonly",
		"identity-operators", "warehouse-analysts", "web-developers", "support-readonly", "oncall-operators",
		"sandbox-users", "finance-billing", "backup-operators", "breakglass",
	}
}

func teamWords() []string {
	return []string{
		"platform", "payments", "data", "security", "billing", "mobile", "ml", "network", "search", "identity",
		"warehouse", "web", "support", "finance", "backup", "checkout", "catalog", "orders", "shipping", "pricing",
		"fraud", "risk", "ledger", "treasury", "marketing", "ads", "crm", "partner", "logistics", "telemetry",
		"observability", "build", "release", "quality", "design", "legal", "people", "video", "maps", "iot",
	}
}

// stageWords come after the team; the empty one first, so that short names are used up before long ones.
func stageWords() []string { return []string{"", "-prod", "-staging", "-dev", "-sandbox", "-shared"} }

func accessWords() []string {
	return []string{
		"-admins", "-developers", "-readonly", "-operators", "-auditors", "-billing", "-poweruser",
		"-deployers", "-analysts",
	}
}

// retiredTeams name groups whose roles are gone.
func retiredTeams() []string {
	return []string{
		"legacy-admins", "contractors-2023", "migration-operators", "datalake-poc", "acquisition-readonly",
		"hackathon-2024", "vendor-support", "monolith-deployers", "mainframe-readonly", "interns-2022",
	}
}

// controlTowerGroups are made by AWS Control Tower through the Identity Store, so nothing of OneLogin's hangs on them
// (https://github.com/awslabs/ssosync/issues/88).
func controlTowerGroups() []string {
	return []string{
		"AWSControlTowerAdmins", "AWSAccountFactory", "AWSServiceCatalogAdmins", "AWSSecurityAuditors",
		"AWSSecurityAuditPowerUsers", "AWSLogArchiveViewers", "AWSLogArchiveAdmins", "AWSAuditAccountAdmins",
	}
}

// handMadeGroups were typed into the AWS console by somebody.
func handMadeGroups() []string {
	return []string{
		"Emergency access", "External auditors Q3", "Temp-Migration", "Cost review", "Workshop participants",
	}
}

func departments() []string {
	return []string{"Engineering", "Finance", "Security", "Data", "Operations", "Support"}
}
