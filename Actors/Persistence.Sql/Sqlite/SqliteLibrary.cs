using System.Runtime.InteropServices;
using SQLitePCL;

namespace Picket.Actors.Persistence.Sql.Sqlite;

/// <summary>The system's own SQLite, which the distribution keeps patched, in place of one that a package would bring.</summary>
internal static class SqliteLibrary
{
    /// <summary>3.37: the first with STRICT tables.</summary>
    private const int OldestVersion = 3_037_000;

    private static readonly Lazy<string?> Fault = new(Load);

    /// <exception cref="SqlStoreException">The library is not there or too old.</exception>
    public static void Require()
    {
        if (Fault.Value is { } fault) throw new SqlStoreException(SqlFailure.Missing, fault, Name);
    }

    private static string Name => OperatingSystem.IsWindows() ? "winsqlite3.dll"
        : OperatingSystem.IsMacOS() ? "libsqlite3.dylib" : "libsqlite3.so.0";

    private static string? Load()
    {
        if (!NativeLibrary.TryLoad(Name, out var handle))
            return "the SQLite library is missing; on a Debian-like system: apt-get install libsqlite3-0";
        NativeLibrary.SetDllImportResolver(typeof(SQLite3Provider_e_sqlite3).Assembly, (name, _, _) => name == "e_sqlite3" ? handle : 0);
        raw.SetProvider(new SQLite3Provider_e_sqlite3());
        return raw.sqlite3_libversion_number() >= OldestVersion
            ? null
            : $"the SQLite library is {raw.sqlite3_libversion().utf8_to_string()}, 3.37 is needed";
    }
}
