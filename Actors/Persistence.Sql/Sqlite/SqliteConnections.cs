using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Picket.Actors.Persistence.Sql.Sqlite;

/// <summary>Connections as the store needs them, and the few calls on them that repeat.</summary>
internal static class SqliteConnections
{
    private const int NoCheckpointOnClose = 1006; // SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE

    /// <summary>A connection to a file that is there: not pooled, no memory map (a failing disk would end the process), no trust in
    /// what a schema may call.</summary>
    public static SqliteConnection Open(string path, TimeSpan busyTimeout)
    {
        var text = new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadWrite,
            Cache = SqliteCacheMode.Private,
            Pooling = false,
            DefaultTimeout = 1,
        };
        var connection = new SqliteConnection(text.ToString());
        try
        {
            connection.Open();
            _ = raw.sqlite3_busy_timeout(connection.Handle, (int)busyTimeout.TotalMilliseconds);
            connection.Execute("PRAGMA mmap_size=0; PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Whether closing leaves the write-ahead log as it is: a file that is refused must not change.</summary>
    public static void LeaveLogAtClose(this SqliteConnection connection, bool leave) =>
        _ = raw.sqlite3_db_config(connection.Handle, NoCheckpointOnClose, leave ? 1 : 0, out _);

    public static void Execute(this SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>The first column of the first row; 0 for none.</summary>
    public static long Number(this SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar() is long number ? number : 0;
    }

    /// <summary>A prepared command with parameters $1, $2 and so on.</summary>
    public static SqliteCommand Prepare(this SqliteConnection connection, string sql, int parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 1; i <= parameters; i++) command.Parameters.Add(new SqliteParameter($"${i}", 0L));
        command.Prepare();
        return command;
    }

    /// <summary>Sets the parameters in order.</summary>
    public static SqliteCommand With(this SqliteCommand command, params ReadOnlySpan<object> values)
    {
        for (var i = 0; i < values.Length; i++) command.Parameters[i].Value = values[i];
        return command;
    }
}
