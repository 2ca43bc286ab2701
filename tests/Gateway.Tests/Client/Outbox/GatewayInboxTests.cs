using System.Data.Common;
using Gateway.Client;
using Gateway.Client.Outbox;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Client.Outbox;

/// <summary>What an inbox in SQLite remembers, and what it forgets.</summary>
public sealed class GatewayInboxTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gateway-inbox-");
    private readonly DbDataSource _source;
    private readonly GatewayInbox _inbox = new(new InboxOptions { Dialect = OutboxDialect.Sqlite });

    public GatewayInboxTests() =>
        _source = SqliteFactory.Instance.CreateDataSource($"Data Source={Path.Combine(_folder.FullName, "shop.db")};Pooling=False");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await using var connection = await _source.OpenConnectionAsync(Token);
        await _inbox.CreateSchemaAsync(connection, Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task TryBegin_IsTrueOnce_ForEachQueue()
    {
        var id = MessageId.New(DateTimeOffset.UnixEpoch);

        (await TryBeginAsync("orders", id, commit: true)).ShouldBeTrue();
        (await TryBeginAsync("orders", id, commit: true)).ShouldBeFalse();
        (await TryBeginAsync("audit", id, commit: true)).ShouldBeTrue();
        (await TryBeginAsync("orders", MessageId.New(DateTimeOffset.UnixEpoch), commit: true)).ShouldBeTrue();
    }

    [Fact]
    public async Task TryBegin_AfterARollback_IsTrueAgain()
    {
        var id = MessageId.New(DateTimeOffset.UnixEpoch);

        (await TryBeginAsync("orders", id, commit: false)).ShouldBeTrue();
        (await TryBeginAsync("orders", id, commit: true)).ShouldBeTrue();
    }

    [Fact]
    public async Task Clean_ForgetsWhatIsOlderThanTheAge_InBatches()
    {
        await ExecuteAsync(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2500) INSERT INTO gateway_inbox "
            + "SELECT 'orders', i, datetime('now', '-7 days', '-1 hour') FROM n");
        await ExecuteAsync("INSERT INTO gateway_inbox SELECT 'orders', 'young', datetime('now', '-7 days', '+1 hour')");
        await using var connection = await _source.OpenConnectionAsync(Token);

        (await _inbox.CleanAsync(connection, Token)).ShouldBe(2500);
        (await _inbox.CleanAsync(connection, Token)).ShouldBe(0);
        (await ExecuteAsync("SELECT group_concat(message_id) FROM gateway_inbox")).ShouldBe("young");
    }

    [Fact]
    public void Options_WithFaults_AreRefusedWithAllOfThem() =>
        Should.Throw<OptionsValidationException>(() => new GatewayInbox(
            new InboxOptions { Table = "", Age = TimeSpan.Zero, CleanInterval = TimeSpan.FromHours(1) })).Failures.Count().ShouldBe(3);

    private async Task<bool> TryBeginAsync(string queue, MessageId id, bool commit)
    {
        await using var connection = await _source.OpenConnectionAsync(Token);
        await using var transaction = await connection.BeginTransactionAsync(Token);
        var isNew = await _inbox.TryBeginAsync(transaction, queue, id, Token);
        if (commit)
            await transaction.CommitAsync(Token);
        return isNew;
    }

    private async Task<object?> ExecuteAsync(string sql)
    {
        await using var command = _source.CreateCommand(sql);
        return await command.ExecuteScalarAsync(Token);
    }
}
