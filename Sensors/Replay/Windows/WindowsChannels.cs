using System.Text;

namespace Picket.Sensors.Replay.Windows;

/// <summary>
/// The channels of Windows, and of Sysmon for Linux, with Sigma's service for each. Where the channel is not in Sigma's taxonomy, or its
/// name there is not the one that Windows has, the comment says so.
/// </summary>
internal static class WindowsChannels
{
    /// <summary>Every channel with its service, and a second name that rules have for the same service.</summary>
    public static readonly (string Channel, string Service, string? Alias)[] Table =
    [
        ("Application", "application", null),
        ("Microsoft-Windows-Application-Experience/Program-Telemetry", "application-experience", null),
        ("Microsoft-Windows-Application-Experience/Program-Compatibility-Assistant", "application-experience", null),
        ("Microsoft-Windows-AppLocker/MSI and Script", "applocker", null),
        ("Microsoft-Windows-AppLocker/EXE and DLL", "applocker", null),
        ("Microsoft-Windows-AppLocker/Packaged app-Deployment", "applocker", null),
        ("Microsoft-Windows-AppLocker/Packaged app-Execution", "applocker", null),
        ("Microsoft-Windows-AppModel-Runtime/Admin", "appmodel-runtime", null),
        ("Microsoft-Windows-AppXDeploymentServer/Operational", "appxdeployment-server", null),
        ("Microsoft-Windows-AppxPackaging/Operational", "appxpackaging-om", null),
        ("Microsoft-Windows-BitLocker/BitLocker Management", "bitlocker", null),
        ("Microsoft-Windows-Bits-Client/Operational", "bits-client", null),
        ("Microsoft-Windows-CAPI2/Operational", "capi2", null),
        ("Microsoft-Windows-CertificateServicesClient-Lifecycle-System/Operational", "certificateservicesclient-lifecycle-system", null),
        ("Microsoft-Windows-CodeIntegrity/Operational", "codeintegrity-operational", null),
        ("Microsoft-Windows-DHCP-Server/Operational", "dhcp", null),
        ("Microsoft-Windows-Diagnosis-Scripted/Operational", "diagnosis-scripted", null),
        ("Microsoft-Windows-DNS Client Events/Operational", "dns-client", null),
        ("Microsoft-Windows-DNS-Client/Operational", "dns-client", null), // Windows' own name
        ("DNS Server", "dns-server", null),
        ("Microsoft-Windows-DNS-Server/Analytical", "dns-server-analytic", null),
        ("Microsoft-Windows-DNS-Server/Audit", "dns-server-audit", null),
        ("Microsoft-Windows-DriverFrameworks-UserMode/Operational", "driver-framework", null),
        ("Microsoft-Windows-Windows Firewall With Advanced Security/Firewall", "firewall-as", null),
        ("Microsoft-Windows-Hyper-V-Worker", "hyper-v-worker", null),
        ("Microsoft-Windows-Hyper-V-Worker-Admin", "hyper-v-worker", null), // Windows' own name
        ("Microsoft-Windows-Hyper-V-Worker-Operational", "hyper-v-worker", null), // Windows' own name
        ("Microsoft-IIS-Configuration/Operational", "iis-configuration", null),
        ("Microsoft-Windows-Kernel-EventTracing", "kernel-event-tracing", null),
        ("Microsoft-Windows-Kernel-EventTracing/Admin", "kernel-event-tracing", null), // Windows' own name
        ("Microsoft-Windows-Kernel-ShimEngine/Operational", "kernel-shimengine", null),
        ("Microsoft-Windows-Kernel-ShimEngine/Diagnostic", "kernel-shimengine", null),
        ("Microsoft-Windows-LDAP-Client/Debug", "ldap", null),
        ("Microsoft-Windows-LSA/Operational", "lsa-server", null),
        ("MSExchange Management", "msexchange-management", null),
        ("Microsoft-Windows-Ntfs/Operational", "ntfs", null),
        ("Microsoft-Windows-NTLM/Operational", "ntlm", null),
        ("OpenSSH/Operational", "openssh", null),
        ("Microsoft-Windows-PowerShell/Operational", "powershell", null),
        ("PowerShellCore/Operational", "powershell", null), // the taxonomy has it for categories only
        ("Windows PowerShell", "powershell-classic", null),
        ("Microsoft-Windows-PrintService/Admin", "printservice-admin", null),
        ("Microsoft-Windows-PrintService/Operational", "printservice-operational", null),
        ("Security", "security", null),
        ("Microsoft-Windows-Security-Mitigations/Kernel Mode", "security-mitigations", null),
        ("Microsoft-Windows-Security-Mitigations/User Mode", "security-mitigations", null),
        ("Microsoft-Windows-Security-Mitigations/KernelMode", "security-mitigations", null), // Windows' own name
        ("Microsoft-Windows-Security-Mitigations/UserMode", "security-mitigations", null), // Windows' own name
        ("Microsoft-Windows-SENSE/Operational", "sense", null),
        ("Microsoft-ServiceBus-Client/Operational", "servicebus-client", "microsoft-servicebus-client"),
        ("Microsoft-ServiceBus-Client/Admin", "servicebus-client", "microsoft-servicebus-client"),
        ("Microsoft-Windows-Shell-Core/Operational", "shell-core", null),
        ("Microsoft-Windows-SmbClient/Connectivity", "smbclient-connectivity", null), // not in the taxonomy
        ("Microsoft-Windows-SmbClient/Security", "smbclient-security", null),
        ("Microsoft-Windows-SMBServer/Connectivity", "smbserver-connectivity", null), // not in the taxonomy
        (Sysmon, "sysmon", null),
        (SysmonForLinux, "sysmon", null),
        ("System", "system", null),
        ("Microsoft-Windows-TaskScheduler/Operational", "taskscheduler", null),
        ("Microsoft-Windows-TerminalServices-LocalSessionManager/Operational", "terminalservices-localsessionmanager", null),
        ("Microsoft-Windows-VHDMP/Operational", "vhdmp", null),
        ("Microsoft-Windows-Windows Defender/Operational", "windefend", null),
        ("Microsoft-Windows-WMI-Activity/Operational", "wmi", null),
    ];

    /// <summary>Providers that write to one channel only, for records whose exporter left the channel out.</summary>
    public static readonly (string Provider, string Channel)[] Providers =
    [
        ("Microsoft-Windows-Sysmon", Sysmon),
        ("Linux-Sysmon", SysmonForLinux),
        ("Microsoft-Windows-Security-Auditing", "Security"),
        ("Microsoft-Windows-PowerShell", "Microsoft-Windows-PowerShell/Operational"),
        ("PowerShellCore", "PowerShellCore/Operational"),
        ("PowerShell", "Windows PowerShell"),
        ("Microsoft-Windows-Windows Defender", "Microsoft-Windows-Windows Defender/Operational"),
        ("Microsoft-Windows-TaskScheduler", "Microsoft-Windows-TaskScheduler/Operational"),
        ("Microsoft-Windows-WMI-Activity", "Microsoft-Windows-WMI-Activity/Operational"),
        ("Microsoft-Windows-Bits-Client", "Microsoft-Windows-Bits-Client/Operational"),
        ("Microsoft-Windows-NTLM", "Microsoft-Windows-NTLM/Operational"),
        ("Service Control Manager", "System"),
    ];

    /// <summary>Sysmon's channel.</summary>
    public const string Sysmon = "Microsoft-Windows-Sysmon/Operational";

    /// <summary>That of Sysmon for Linux.</summary>
    public const string SysmonForLinux = "Linux-Sysmon/Operational";

    /// <summary>The bytes of a name in lower case, by which it is compared.</summary>
    public static byte[] Folded(string name) => Encoding.UTF8.GetBytes(name.ToLowerInvariant());
}
