namespace Picket.Sensors.Replay.Windows;

/// <summary>
/// Sigma's category of an event number in a channel, as Sigma's taxonomy has it. Events of other channels are of a service and of no
/// category: their fields have other names than the category's rules ask for, 4688 of Security as well.
/// </summary>
internal static class WindowsCategories
{
    /// <summary>Sysmon's number for a key that was made or deleted: which of the two its EventType says.</summary>
    public const int RegistryKey = 12;

    /// <summary>One more than the highest number here.</summary>
    public const int Numbers = 4105;

    /// <summary>Channel, number and category.</summary>
    public static readonly (string Channel, int EventId, string Category)[] Table =
    [
        .. Of(WindowsChannels.Sysmon), .. Of(WindowsChannels.SysmonForLinux),
        ("Windows PowerShell", 400, "ps_classic_start"),
        ("Windows PowerShell", 600, "ps_classic_provider_start"),
        ("Windows PowerShell", 800, "ps_classic_script"),
        ("Microsoft-Windows-PowerShell/Operational", 4103, "ps_module"),
        ("Microsoft-Windows-PowerShell/Operational", 4104, "ps_script"),
        ("PowerShellCore/Operational", 4103, "ps_module"),
        ("PowerShellCore/Operational", 4104, "ps_script"),
    ];

    private static IEnumerable<(string Channel, int EventId, string Category)> Of(string channel) =>
    [
        (channel, 1, "process_creation"),
        (channel, 2, "file_change"),
        (channel, 3, "network_connection"),
        (channel, 4, "sysmon_status"),
        (channel, 5, "process_termination"),
        (channel, 6, "driver_load"),
        (channel, 7, "image_load"),
        (channel, 8, "create_remote_thread"),
        (channel, 9, "raw_access_thread"),
        (channel, 10, "process_access"),
        (channel, 11, "file_event"),
        (channel, RegistryKey, "registry_key"),
        (channel, 13, "registry_set"),
        (channel, 14, "registry_rename"),
        (channel, 15, "create_stream_hash"),
        (channel, 16, "sysmon_status"),
        (channel, 17, "pipe_created"),
        (channel, 18, "pipe_created"),
        (channel, 19, "wmi_event"),
        (channel, 20, "wmi_event"),
        (channel, 21, "wmi_event"),
        (channel, 22, "dns_query"),
        (channel, 23, "file_delete"),
        (channel, 24, "clipboard_capture"),
        (channel, 25, "process_tampering"),
        (channel, 26, "file_delete_detected"),
        (channel, 27, "file_block_executable"),
        (channel, 28, "file_block_shredding"),
        (channel, 29, "file_executable_detected"),
        (channel, 255, "sysmon_error"),
    ];
}
