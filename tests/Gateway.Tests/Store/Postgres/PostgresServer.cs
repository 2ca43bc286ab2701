using System.Diagnostics;
using System.Text;
using Gateway.Cli.Demo.Processes;
using Npgsql;

namespace Gateway.Tests.Store.Postgres;

/// <summary>
/// A server of PostgreSQL in a folder of its own, on a port of its own on loopback, run by an unprivileged user. It ends with the test.
/// </summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    public const string Password = "secret-of-the-test";
    public const string Superuser = "postgres";

    private const string StandbyName = "second";

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private static readonly Lazy<string> _templateFolder = new(() => Directory.CreateTempSubdirectory("gateway-postgres-").FullName);

    /// <summary>The data of a server that has never run, made once, since that takes seconds: each server has a copy.</summary>
    private static readonly Lazy<Task> _template = new(MakeTemplateAsync);

    private readonly string _folder;

    static PostgresServer() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        if (_templateFolder.IsValueCreated) Directory.Delete(_templateFolder.Value, recursive: true);
    };

    private PostgresServer(string folder, int port) => (_folder, Port) = (folder, port);

    public int Port { get; }

    private string Data => DataOf(_folder);

    /// <summary>Makes a server and starts it.</summary>
    public static async Task<PostgresServer> StartAsync(CancellationToken cancellationToken)
    {
        var server = await NewAsync(cancellationToken);
        await _template.Value.WaitAsync(cancellationToken);
        await RunAsync(cancellationToken, "/bin/cp", "-a", DataOf(_templateFolder.Value), server.Data);
        await server.SettleAsync(cancellationToken);
        return server;
    }

    /// <summary>Makes a standby of this server, for which each commit then waits.</summary>
    public async Task<PostgresServer> AddStandbyAsync(CancellationToken cancellationToken)
    {
        var standby = await NewAsync(cancellationToken);
        await RunAsync(cancellationToken, "pg_basebackup", "-d", $"{Conninfo} application_name={StandbyName}", "-D", standby.Data, "-R",
            "-X", "stream", "--no-sync", "-c", "fast");
        await standby.SettleAsync(cancellationToken);
        await ExecuteAsync($"ALTER SYSTEM SET synchronous_standby_names = '{StandbyName}'");
        await ExecuteAsync("SELECT pg_reload_conf()");
        await UntilAsync("the standby is synchronous", async () =>
            await ScalarAsync<long>("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'") == 1);
        return standby;
    }

    /// <summary>For Npgsql; further servers of the same cluster may follow.</summary>
    public string ConnectionString(params PostgresServer[] others) => new NpgsqlConnectionStringBuilder
    {
        Host = string.Join(',', others.Prepend(this).Select(server => $"127.0.0.1:{server.Port}")),
        Username = Superuser,
        Password = Password,
        Database = Superuser,
        Timeout = 5,
    }.ConnectionString;

    public async Task ExecuteAsync(string sql)
    {
        await using var connection = await OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<T?> ScalarAsync<T>(string sql)
    {
        await using var connection = await OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync() is T value ? value : default;
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var options = $"-p {Port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c shared_buffers=32MB -c max_connections=60";
        await RunAsync(cancellationToken, "pg_ctl", "-D", Data, "-l", Path.Combine(_folder, "log"), "-w", "-o", options, "start");
    }

    /// <param name="mode">fast, or immediate as after a crash.</param>
    public Task EndAsync(string mode) => RunAsync(CancellationToken.None, "pg_ctl", "-D", Data, "-m", mode, "-w", "stop");

    /// <summary>A standby becomes a primary that waits for nobody.</summary>
    public async Task PromoteAsync(CancellationToken cancellationToken)
    {
        await RunAsync(cancellationToken, "pg_ctl", "-D", Data, "-w", "promote");
        await ExecuteAsync("ALTER SYSTEM SET synchronous_standby_names = ''");
        await ExecuteAsync("SELECT pg_reload_conf()");
    }

    /// <summary>Flips a bit of a table's file; the server must not run.</summary>
    /// <param name="path">As pg_relation_filepath gives it.</param>
    public void Flip(string path, long offset)
    {
        using var file = File.OpenHandle(Path.Combine(Data, path), FileMode.Open, FileAccess.ReadWrite);
        var bytes = new byte[1];
        RandomAccess.Read(file, bytes, offset);
        bytes[0] ^= 4;
        RandomAccess.Write(file, bytes, offset);
    }

    /// <summary>Gives a folder to the user of the servers.</summary>
    public static async Task GiveAsync(string folder, CancellationToken cancellationToken)
    {
        if (!Environment.IsPrivilegedProcess) return;
        using var given = Process.Start(new ProcessStartInfo("chown", [Superuser, folder]))!;
        await given.WaitForExitAsync(cancellationToken);
    }

    /// <summary>Waits until the server's state is as wanted.</summary>
    public static async Task UntilAsync(string what, Func<Task<bool>> holds)
    {
        var began = Stopwatch.GetTimestamp();
        while (!await holds())
        {
            if (Stopwatch.GetElapsedTime(began) > _patience) throw new TimeoutException($"Waited in vain until {what}.");
            await Task.Delay(20);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (File.Exists(Path.Combine(Data, "postmaster.pid"))) await EndAsync("immediate");
        Directory.Delete(_folder, recursive: true);
    }

    private string Conninfo => $"host=127.0.0.1 port={Port} user={Superuser} password={Password}";

    private static string DataOf(string folder) => Path.Combine(folder, "data");

    private static async Task MakeTemplateAsync()
    {
        await GiveAsync(_templateFolder.Value, CancellationToken.None);
        var password = Path.Combine(_templateFolder.Value, "password");
        await File.WriteAllTextAsync(password, Password, CancellationToken.None);
        await RunAsync(CancellationToken.None, "initdb", "-D", DataOf(_templateFolder.Value), "-U", Superuser, "-A", "scram-sha-256",
            "--pwfile", password, "-E", "UTF8", "--locale=C", "--no-sync", "--data-checksums");
    }

    private static async Task<PostgresServer> NewAsync(CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("gateway-postgres-").FullName;
        await GiveAsync(folder, cancellationToken);
        return new PostgresServer(folder, LoopbackPort.Free(1)[0]);
    }

    /// <summary>Settings that the file shall have, and the first start.</summary>
    private async Task SettleAsync(CancellationToken cancellationToken)
    {
        await File.AppendAllTextAsync(
            Path.Combine(Data, "postgresql.conf"), "\nwal_level = replica\nlog_min_messages = warning\n", cancellationToken);
        await RunAsync(cancellationToken);
    }

    /// <summary>Runs a program of PostgreSQL; as root, for its unprivileged user.</summary>
    private static async Task RunAsync(CancellationToken cancellationToken, string program, params string[] arguments)
    {
        var path = Path.Combine(Path.GetDirectoryName(Tool.Postgres)!, program);
        var start = Environment.IsPrivilegedProcess
            ? new ProcessStartInfo("setpriv", ["--reuid", Superuser, "--regid", Superuser, "--clear-groups", path, .. arguments])
            : new ProcessStartInfo(path, arguments);
        // Servers keep the handles that they are given: a pipe would stay open with them, and so they get a file.
        var log = Path.Combine(Path.GetTempPath(), $"gateway-postgres-{Guid.NewGuid():N}.log");
        var quoted = new StringBuilder("exec \"$@\" >").Append(log).Append(" 2>&1 </dev/null").ToString();
        start = new ProcessStartInfo("/bin/sh", ["-c", quoted, "sh", start.FileName, .. start.ArgumentList]) { WorkingDirectory = "/" };
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync(cancellationToken);
        var output = await File.ReadAllTextAsync(log, CancellationToken.None);
        File.Delete(log);
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {output}");
    }

    private async Task<NpgsqlConnection> OpenAsync()
    {
        var connection = new NpgsqlConnection($"{ConnectionString()};Pooling=false");
        await connection.OpenAsync();
        return connection;
    }
}
