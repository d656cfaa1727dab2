namespace Picket.Detection.Events;

/// <summary>
/// The files whose opening for reading a rule could ask about: those with one of these names, and those anywhere below a folder with
/// one. A sensor may report more, never fewer. Names are compared without regard to the case of ASCII letters.
/// </summary>
/// <param name="Everything">Whether some rule could ask about any file, so that the names say nothing.</param>
/// <param name="Bases">Last parts of paths, in small letters.</param>
/// <param name="Folders">Names of folders above the file, in small letters.</param>
public sealed record NameInterest(bool Everything, IReadOnlySet<string> Bases, IReadOnlySet<string> Folders)
{
    /// <summary>Every file, as without rules that are known.</summary>
    public static NameInterest All { get; } = new(true, new HashSet<string>(), new HashSet<string>());

    /// <summary>The files that either of two asks for.</summary>
    public NameInterest With(NameInterest other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new NameInterest(
            Everything || other.Everything, Bases.Union(other.Bases).ToHashSet(), Folders.Union(other.Folders).ToHashSet());
    }

    /// <summary>No file.</summary>
    public static NameInterest None { get; } = new(false, new HashSet<string>(), new HashSet<string>());
}
