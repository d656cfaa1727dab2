using Picket.Detection.Events;

namespace Picket.Detection.Sigma.Index;

/// <summary>
/// Categories that are kinds of others in Sigma's taxonomy: every event of the registry is one of <c>registry_event</c>, and Sysmon's
/// <c>file_delete_detected</c> is a deletion without a kept copy. An event has one category, its own.
/// </summary>
internal static class CategoryKin
{
    private static readonly byte RegistryEvent = EventRouteTable.Intern("registry_event");
    private static readonly byte RegistryKey = EventRouteTable.Intern("registry_key");
    private static readonly byte RegistryAdd = EventRouteTable.Intern("registry_add");
    private static readonly byte RegistryDelete = EventRouteTable.Intern("registry_delete");
    private static readonly byte RegistrySet = EventRouteTable.Intern("registry_set");
    private static readonly byte RegistryRename = EventRouteTable.Intern("registry_rename");
    private static readonly byte FileDelete = EventRouteTable.Intern("file_delete");
    private static readonly byte FileDeleteDetected = EventRouteTable.Intern("file_delete_detected");

    /// <summary>Whether an event of a category is one that a rule of another category means.</summary>
    /// <param name="known">The event's. A <c>registry_key</c> was made or deleted, and its record does not say which.</param>
    /// <param name="wanted">The rule's.</param>
    public static bool Fits(byte known, byte wanted)
    {
        if (wanted == RegistryEvent)
        {
            return known == RegistryKey || known == RegistryAdd || known == RegistryDelete || known == RegistrySet
                || known == RegistryRename;
        }

        if (known == RegistryKey) return wanted == RegistryAdd || wanted == RegistryDelete;
        return wanted == FileDelete && known == FileDeleteDetected;
    }
}
