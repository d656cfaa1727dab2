using System.Diagnostics;
using System.Runtime.Versioning;

namespace Picket.Spec.Durability;

/// <summary>A SQLite file on a disk that loses at the kill what was not synced.</summary>
[SupportedOSPlatform("linux")]
internal sealed class SqliteTarget(PlatterOptions options, params string[] more) : IKillTarget, IDisposable
{
    private readonly Platter _platter = new();

    public IEnumerable<string> Arguments => ["--sqlite", Path.Combine(_platter.Folder, "numbers.db"), .. more];

    public bool MayFail => false;

    public void Prepare(ProcessStartInfo start, int run) => _platter.Preload(start, options with { Seed = options.Seed + run });

    public void AfterEnd() => _platter.CutPower();

    public void Dispose() => _platter.Dispose();
}
