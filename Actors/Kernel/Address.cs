using System.Diagnostics.CodeAnalysis;

namespace Picket.Actors;

/// <summary>The address of an actor system: <c>akka://name</c>, or <c>akka.tcp://name@host:port</c> for one on the network.</summary>
/// <param name="Protocol">The scheme.</param>
/// <param name="System">The system's name.</param>
/// <param name="Host">Null for this process.</param>
/// <param name="Port">Null for this process.</param>
public sealed record Address(string Protocol, string System, string? Host = null, int? Port = null)
{
    /// <summary>True when the address names a host.</summary>
    public bool HasGlobalScope => !string.IsNullOrEmpty(Host);

    /// <summary>True when the address names no host.</summary>
    public bool HasLocalScope => !HasGlobalScope;

    /// <inheritdoc/>
    public override string ToString() =>
        Host is null ? $"{Protocol}://{System}" : Port is null ? $"{Protocol}://{System}@{Host}" : $"{Protocol}://{System}@{Host}:{Port}";

    /// <summary>Reads an address; what follows it, such as a path, is left out.</summary>
    public static bool TryParse(string path, [NotNullWhen(true)] out Address? address) => TryParse(path, out address, out _);

    /// <summary>System, host and port: <c>name@host:port</c>.</summary>
    public string HostPort() => ToString()[(Protocol.Length + 3)..];

    /// <summary>Reads an address.</summary>
    /// <exception cref="FormatException">The text is no address.</exception>
    public static Address Parse(string address) =>
        TryParse(address, out var parsed, out _) ? parsed : throw new FormatException($"not an address: {address}");

    /// <summary>Reads <paramref name="text"/> up to the first slash after the authority and gives back the rest.</summary>
    internal static bool TryParse(string text, [NotNullWhen(true)] out Address? address, out ReadOnlySpan<char> rest)
    {
        address = null;
        rest = default;
        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        if (scheme <= 0) return false;
        var authority = text.AsSpan(scheme + 3);
        var slash = authority.IndexOf('/');
        if (slash >= 0)
        {
            rest = authority[slash..];
            authority = authority[..slash];
        }

        if (authority.IsEmpty) return false;
        var at = authority.IndexOf('@');
        if (at < 0)
        {
            address = new Address(text[..scheme], authority.ToString());
            return true;
        }

        var host = authority[(at + 1)..];
        int? port = null;
        var colon = host.LastIndexOf(':');
        if (colon >= 0)
        {
            if (!ushort.TryParse(host[(colon + 1)..], out var number)) return false;
            port = number;
            host = host[..colon];
        }

        if (at == 0 || host.IsEmpty) return false;
        address = new Address(text[..scheme], authority[..at].ToString(), host.ToString(), port);
        return true;
    }
}
