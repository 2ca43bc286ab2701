using Gateway.Store.Postgres;
using Gateway.Store.Records;
using Gateway.Tests.Store.Blocks;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Gateway.Tests.Store.Postgres;

/// <summary>PostgreSQL, with a server of its own; a kill is the end of the connection.</summary>
[Kind(Kind.Process)]
[Needs("postgresql")]
public sealed class PostgresBlocksTests(SharedPostgres shared) : BlockStoreContract, IClassFixture<SharedPostgres>
{
    private readonly string _schema = SharedPostgres.NewSchema();

    private protected override IBlockStore Open() => PostgresBlockStore.Open(
        new PostgresSettings(shared.Server.ConnectionString(), _schema, "one"), mayMake: true, TimeProvider.System,
        NullLoggerFactory.Instance);

    private protected override void Kill(IBlockStore open) => open.Dispose();
}
