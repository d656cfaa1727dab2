using Picket.Detection.Context;
using Picket.Detection.Events.Journal;
using Picket.Node.CommandLine;
using Picket.Node.Options;

namespace Picket.Node.Hosting;

/// <summary>Opens the journal of processes in the node's data folder.</summary>
internal static class ProcessMemory
{
    private const long MaxBytes = 32L << 20;

    /// <exception cref="UsageException">The folder cannot be used, or belongs to something else.</exception>
    public static ProcessJournal Open(NodeOptions options, TimeProvider time)
    {
        var folder = Path.Combine(options.DataDirectory, "processes");
        try
        {
            return ProcessJournal.Open(DiskFileSpace.Instance, folder, RunningBoot.Current, MaxBytes, time);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JournalFormatException)
        {
            throw new UsageException($"{folder}: {e.Message}");
        }
    }
}
