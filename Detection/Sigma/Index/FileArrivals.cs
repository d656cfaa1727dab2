using Picket.Detection.Events;

namespace Picket.Detection.Sigma.Index;

/// <summary>
/// A file also arrives at a path by a rename or a link: <c>mv x /etc/cron.d/x</c> is what package managers and intruders do. So rules on
/// <c>file_event</c> are asked about these events, too. It is one event, so no rule alerts twice on it.
/// </summary>
internal static class FileArrivals
{
    private static readonly byte Event = EventRouteTable.Intern("file_event");
    private static readonly byte Rename = EventRouteTable.Intern(EventCategories.Of(EventKind.FileRename));
    private static readonly byte Link = EventRouteTable.Intern(EventCategories.Of(EventKind.FileLink));
    private static readonly byte Symlink = EventRouteTable.Intern(EventCategories.Of(EventKind.FileSymlink));

    /// <summary>Whether an event of a category is one that a rule of another category means.</summary>
    public static bool Fits(byte known, byte wanted) => wanted == Event && (known == Rename || known == Link || known == Symlink);
}
