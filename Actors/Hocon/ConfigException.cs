namespace Picket.Hocon;

/// <summary>A configuration that cannot be read, resolved or taken as the asked type. The message begins with the place.</summary>
public class ConfigException : Exception
{
    /// <summary>Makes an error at a place.</summary>
    /// <param name="origin">Where the fault was written.</param>
    /// <param name="reason">What is wrong and what is expected, without the place.</param>
    /// <param name="inner">The cause, such as an error of the file system.</param>
    public ConfigException(ConfigOrigin origin, string reason, Exception? inner = null)
        : base($"{origin}: {reason}", inner)
    {
        Origin = origin;
        Reason = reason;
    }

    /// <summary>Where the fault was written.</summary>
    public ConfigOrigin Origin { get; }

    /// <summary>What is wrong, without the place.</summary>
    public string Reason { get; }
}
