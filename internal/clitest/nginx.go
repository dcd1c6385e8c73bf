package clitest

import "fmt"

// nginxAround is one process, so that there is one to stop. All that nginx writes is in a folder of the test.
const nginxAround = `
daemon off;
master_process off;
pid %[1]s/nginx.pid;
error_log %[1]s/error.log warn;
events { worker_connections 512; }
http {
  access_log off;
  client_body_temp_path %[1]s/body;
  proxy_temp_path %[1]s/proxy;
  fastcgi_temp_path %[1]s/fastcgi;
  uwsgi_temp_path %[1]s/uwsgi;
  scgi_temp_path %[1]s/scgi;
  %[2]s
}
`

// NginxConfig returns a configuration of nginx with these servers, which writes into the folder alone.
func NginxConfig(folder, servers string) []byte {
	return fmt.Appendf(nil, nginxAround, folder, servers)
}
