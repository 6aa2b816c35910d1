"""Where it was measured, and what with."""
import datetime
import os
import re
import subprocess

PACKAGES = ['fasttext', 'python3-sklearn', 'libsvm-tools', 'python3-zmq']


def output(*command):
    try:
        return subprocess.run(command, capture_output=True, text=True,
                              check=False).stdout.strip()
    except OSError:
        return ''


def described(vigie):
    cpu = output('lscpu')
    model = re.search(r'^Model name:\s*(.*)$', cpu, re.M)
    release = re.search(r'PRETTY_NAME="(.*)"', output('cat', '/etc/os-release'))
    versions = output('dpkg-query', '-W', '-f', '${Package} ${Version}\n',
                      *PACKAGES, 'gcc').splitlines()
    return {'date': datetime.datetime.now(datetime.timezone.utc).isoformat(
                timespec='minutes'),
            'cpu': model.group(1) if model else 'unknown',
            'cores': len(os.sched_getaffinity(0)),
            'load': [round(x, 2) for x in os.getloadavg()],
            'kernel': os.uname().release,
            'system': release.group(1) if release else 'unknown',
            'vigie': output(str(vigie), '--version').splitlines()[:1],
            'versions': versions}


def sentence(m):
    return (f"{m['date']}; {m['cpu']}, {m['cores']} cores, load "
            f"{m['load'][0]} at the start; {m['system']}, Linux {m['kernel']}; "
            f"{', '.join(m['vigie'] + m['versions'])}")
