package daemon

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"os"
	"time"

	"sambung/configs"
	"sambung/queue/redisqueue"
	"sambung/storage/s3"
	"sambung/telephony/ari"
)

// QueueOptions are where the configuration has the ledger, so that every tool
// reaches it as the daemon does.
func QueueOptions(config configs.Config) (redisqueue.Options, error) {
	c := config.Redis
	tlsConfig, err := tlsOf(c.TLS, c.CAFile)
	return redisqueue.Options{
		Addrs: c.Addrs, MasterName: c.MasterName, Username: c.Username, Password: c.Password.Reveal(), DB: c.DB,
		TLS: tlsConfig, Site: config.Site.Name,
	}, err
}

// ArchiveConfig is where the configuration has the archive.
func ArchiveConfig(c configs.S3) s3.Config {
	return s3.Config{
		Endpoint: c.Endpoint, PublicEndpoint: c.PublicEndpoint, Secure: c.Secure, Region: c.Region, Bucket: c.Bucket, CreateBucket: c.CreateBucket,
		AccessKey: c.AccessKey.Reveal(), SecretKey: c.SecretKey.Reveal(), Retention: time.Duration(c.RetentionDays) * 24 * time.Hour,
	}
}

// SwitchAddress is where the configuration has a switch. Whoever opens an event
// stream under its application takes the switch over.
func SwitchAddress(c configs.Switch) ari.Config {
	return ari.Config{
		URL: c.URL, Application: c.Application, User: c.User, Password: c.Password.Reveal(), MaxConns: 2*c.MaxCalls + 8,
	}
}

func tlsOf(enabled bool, caFile string) (*tls.Config, error) {
	if !enabled {
		return nil, nil
	}
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if caFile == "" {
		return config, nil
	}
	pem, err := os.ReadFile(caFile)
	if err != nil {
		return nil, fmt.Errorf("authorities: %w", err)
	}
	config.RootCAs = x509.NewCertPool()
	if !config.RootCAs.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("authorities: %s holds no PEM certificate", caFile)
	}
	return config, nil
}
