namespace Picket.Sensors.Logs;

/// <summary>Files with lines of one Sigma service.</summary>
public sealed record WatchedFiles
{
    /// <summary>Makes the pair.</summary>
    /// <param name="path">An absolute path; <c>*</c> and <c>?</c> stand for any names and letters in any of its parts.</param>
    /// <param name="service">The <c>logsource.service</c> of the lines; <c>auditd</c> has audit records.</param>
    /// <exception cref="ArgumentException">The path is not absolute, or the service is empty.</exception>
    public WatchedFiles(string path, string service)
    {
        if (!System.IO.Path.IsPathFullyQualified(path)) throw new ArgumentException($"the path {path} is not absolute", nameof(path));
        ArgumentException.ThrowIfNullOrWhiteSpace(service);
        Path = path;
        Service = new LogService(service);
    }

    /// <summary>The path.</summary>
    public string Path { get; }

    /// <summary>Whether the lines are those that the system's logger writes, which are in the journal as well.</summary>
    public bool IsSystemLog => Service.Name is "auth" or "syslog";

    /// <summary>The service.</summary>
    internal LogService Service { get; }
}
