using Picket.Detection.Events;

namespace Picket.Sensors.Logs;

/// <summary>The Sigma service of a file's lines.</summary>
internal sealed class LogService
{
    private static readonly byte Linux = EventRouteTable.Intern("linux");

    /// <summary>The service <paramref name="name"/>, such as <c>auth</c>.</summary>
    public LogService(string name)
    {
        Name = name;
        Route = new EventRoute(Linux, EventRouteTable.NoRules, EventRouteTable.Intern(name));
        IsAudit = name == "auditd";
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>The route of its lines, without what their writer adds.</summary>
    public EventRoute Route { get; }

    /// <summary>Whether the lines are audit records.</summary>
    public bool IsAudit { get; }
}
