package configs

// Redis is the queue's store: one server, a Sentinel group (MasterName set) or a
// cluster (several Addrs without MasterName).
type Redis struct {
	Addrs      []string `yaml:"addrs"` // host:port of the servers or of the Sentinels
	MasterName string   `yaml:"master_name"`
	Username   string   `yaml:"username"`
	// PasswordFile, or SAMBUNG_REDIS_PASSWORD. A server without a password needs neither.
	PasswordFile string `yaml:"password_file"`
	Password     Secret `yaml:"-" file:"password_file"`
	DB           int    `yaml:"db"` // number of the database; a cluster has only 0
	TLS          bool   `yaml:"tls"`
	// CAFile is a PEM file of authorities to trust instead of the system's, with TLS.
	CAFile string `yaml:"ca_file"`
}

// S3 is the archive's object storage.
type S3 struct {
	Endpoint string `yaml:"endpoint"` // host or host:port, without a scheme
	// PublicEndpoint is the same server as browsers reach it, such as
	// https://s3.example.go.id: links to recordings name it. Empty: Endpoint.
	PublicEndpoint string `yaml:"public_endpoint"`
	Bucket         string `yaml:"bucket"`
	// AccessKeyFile and SecretKeyFile, or SAMBUNG_S3_ACCESS_KEY and SAMBUNG_S3_SECRET_KEY.
	AccessKeyFile string `yaml:"access_key_file"`
	AccessKey     Secret `yaml:"-" file:"access_key_file"`
	SecretKeyFile string `yaml:"secret_key_file"`
	SecretKey     Secret `yaml:"-" file:"secret_key_file"`
	Secure        bool   `yaml:"secure"` // TLS
	Region        string `yaml:"region"` // empty: ask the server
	// CreateBucket makes the bucket when it is not there.
	CreateBucket bool `yaml:"create_bucket"`
	// RetentionDays is for how many days, in governance mode, the objects of a
	// dossier can be neither deleted nor replaced after they were put; 0: the
	// bucket alone decides.
	RetentionDays int `yaml:"retention_days"`
}
