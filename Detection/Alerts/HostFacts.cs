namespace Picket.Detection.Alerts;

/// <summary>What alerts say of the host (ECS <c>host.*</c>). Empty values are left out.</summary>
public sealed record HostFacts
{
    /// <summary>The name that people know it by.</summary>
    public required string Name { get; init; }

    /// <summary>What the host calls itself.</summary>
    public string Hostname { get; init; } = "";

    /// <summary>A unique id, such as a hash of the machine id.</summary>
    public string Id { get; init; } = "";

    /// <summary>The boot id.</summary>
    public string BootId { get; init; } = "";

    /// <summary>The architecture, such as <c>x86_64</c>.</summary>
    public string Architecture { get; init; } = "";

    /// <summary>The system's type in ECS's list: <c>linux</c>, <c>windows</c>, <c>macos</c>.</summary>
    public string OsType { get; init; } = "";

    /// <summary>The distribution's or product's name.</summary>
    public string OsName { get; init; } = "";

    /// <summary>Name and version as the system prints them.</summary>
    public string OsFull { get; init; } = "";

    /// <summary>The family, such as <c>debian</c>.</summary>
    public string OsFamily { get; init; } = "";

    /// <summary>The version.</summary>
    public string OsVersion { get; init; } = "";

    /// <summary>The kernel's release.</summary>
    public string OsKernel { get; init; } = "";
}
