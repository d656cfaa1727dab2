using System.Diagnostics;
using System.Runtime.Versioning;

namespace Picket.Spec.Durability;

/// <summary>A PostgreSQL server that outlives the killed program.</summary>
[SupportedOSPlatform("linux")]
internal sealed class PostgresTarget(PostgresServer server, params string[] more) : IKillTarget
{
    public IEnumerable<string> Arguments => ["--postgres", server.ConnectionString, .. more];

    /// <summary>A session whose client is dead may still commit, and so be the one that was there first.</summary>
    public bool MayFail => true;

    public void Prepare(ProcessStartInfo start, int run)
    {
    }

    public void AfterEnd()
    {
    }
}
