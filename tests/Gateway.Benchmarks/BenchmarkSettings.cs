using Npgsql;

namespace Gateway.Benchmarks;

/// <param name="Folder">On the disk that is to be measured; emptied.</param>
/// <param name="Rounds">How often each case is run; the medians are reported.</param>
/// <param name="IsQuick">A tenth of the work: shows that everything runs, not how fast.</param>
/// <param name="Only">Only the steps with this in their name; empty for all.</param>
internal sealed record BenchmarkSettings(DirectoryInfo Folder, int Rounds, bool IsQuick, string Only)
{
    public const string Schema = "gateway_benchmark";

    /// <summary>The database under the stores that are measured; empty for files.</summary>
    public string Connection { get; init; } = "";

    public bool IsPostgres => Connection.Length > 0;

    /// <summary>The configuration of the measured gateways, by full key; each has a store of its own name in an empty schema.</summary>
    public IReadOnlyDictionary<string, string> Engine()
    {
        if (!IsPostgres) return new Dictionary<string, string>();
        DropSchema();
        return new Dictionary<string, string>
        {
            ["Gateway:Store:Engine"] = "PostgreSQL",
            ["Gateway:Store:ConnectionString"] = Connection,
            ["Gateway:Store:Schema"] = Schema,
        };
    }

    /// <summary>Removes what another round has left in the database.</summary>
    public void DropSchema()
    {
        using var connection = new NpgsqlConnection($"{Connection};Pooling=false");
        connection.Open();
        using var drop = new NpgsqlCommand($"DROP SCHEMA IF EXISTS {Schema} CASCADE", connection);
        drop.ExecuteNonQuery();
    }

    public bool Includes(string step) => step.Contains(Only, StringComparison.OrdinalIgnoreCase);

    /// <summary>So many, or a tenth of them.</summary>
    public int Share(int count) => IsQuick ? count / 10 : count;

    /// <summary>The folder for this process alone, as long as what is returned is not disposed of; null while another has it.</summary>
    public IDisposable? ClaimFolder()
    {
        Folder.Parent?.Create();
        try
        {
            return new FileStream(Folder.FullName.TrimEnd(Path.DirectorySeparatorChar) + ".lock", FileMode.OpenOrCreate, FileAccess.Write,
                FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>An empty folder.</summary>
    public DirectoryInfo FreshFolder()
    {
        if (Folder.Exists) Folder.Delete(recursive: true);
        Folder.Create();
        Folder.Refresh();
        return Folder;
    }
}
