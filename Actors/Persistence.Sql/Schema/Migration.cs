using System.Security.Cryptography;
using System.Text;

namespace Picket.Actors.Persistence.Sql.Schema;

/// <summary>One step from a schema's version to the next. What was once released never changes: the checksum is in the databases.</summary>
/// <param name="Version">The version that it leads to, from 1.</param>
/// <param name="Name">What it adds, in a few words.</param>
/// <param name="Script">The SQL, run in one transaction.</param>
internal sealed record Migration(int Version, string Name, string Script)
{
    /// <summary>SHA-256 of the script, in hexadecimal.</summary>
    public string Checksum { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Script.ReplaceLineEndings("\n"))));
}
