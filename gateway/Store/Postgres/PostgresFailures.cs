using System.Net.Sockets;
using System.Security.Authentication;
using Gateway.Store.Holding;
using Npgsql;

namespace Gateway.Store.Postgres;

/// <summary>What the errors of Npgsql and PostgreSQL mean, and a sentence for each. Pure.</summary>
internal static class PostgresFailures
{
    /// <summary>The SQLSTATE that the function <c>fence</c> raises: the store has another holder.</summary>
    public const string Displaced = "GW001";

    /// <summary>What an exception means for the holder of a store.</summary>
    public static HoldFault Judge(Exception cause) => cause switch
    {
        _ when !IsOfDatabase(cause) => HoldFault.Foreign,
        _ when IsPassing(cause) => HoldFault.Passing,
        _ when IsDamage(cause) || IsLocked(cause) => HoldFault.OfWork,
        PostgresException { SqlState: Displaced } => HoldFault.Displaced,
        PostgresException { SqlState: PostgresErrorCodes.UndefinedTable } => HoldFault.Missing,
        _ => HoldFault.Final,
    };

    /// <summary>The connection is gone or the server refuses for now: the same can succeed later, on a new connection.</summary>
    public static bool IsPassing(Exception cause) => cause switch
    {
        PostgresException server => IsPassing(server.SqlState),
        NpgsqlException { InnerException: AuthenticationException } => false,
        NpgsqlException { InnerException: null } => true,
        NpgsqlException { InnerException: { } inner } => IsPassing(inner),
        SocketException or IOException or TimeoutException => true,
        // Several hosts were tried in vain.
        AggregateException several => several.InnerExceptions.Any(IsPassing),
        _ => false,
    };

    /// <summary>The error is Npgsql's, PostgreSQL's or that of the network below.</summary>
    public static bool IsOfDatabase(Exception cause) =>
        cause is NpgsqlException or SocketException or IOException or TimeoutException or AuthenticationException
            or InvalidOperationException { Source: "Npgsql" };

    /// <summary>A table, or a part of it, cannot be read, and everything else can.</summary>
    public static bool IsDamage(Exception cause) => cause is PostgresException { SqlState: "XX001" or "XX002" };

    /// <summary>A lock was not granted in time.</summary>
    public static bool IsLocked(Exception cause) => cause is PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable };

    /// <summary>The error, as a part of a sentence.</summary>
    public static string Describe(Exception cause) => cause switch
    {
        PostgresException { SqlState: PostgresErrorCodes.DiskFull } server =>
            $"the database's disk is full ({server.MessageText}); free space on the server",
        PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction } =>
            "the database is read-only (default_transaction_read_only, or a standby); let the gateway write, or name the primary",
        PostgresException { SqlState: PostgresErrorCodes.TooManyConnections } server =>
            $"the server has no connection left ({server.MessageText}); raise max_connections",
        PostgresException server => $"{server.MessageText} ({server.SqlState})",
        NpgsqlException { InnerException: TimeoutException } => "the server does not answer",
        NpgsqlException { InnerException: SocketException socket } => $"{Plain(socket.Message)} ({socket.SocketErrorCode})",
        NpgsqlException { InnerException: { } inner } npgsql => $"{Plain(npgsql.Message)}: {Plain(inner.Message)}",
        AggregateException several => string.Join("; ", several.InnerExceptions.Select(Describe).Distinct()),
        _ => Plain(cause.Message),
    };

    /// <summary>The sentence for a connection that the server refuses for good.</summary>
    /// <param name="user">The role that wanted to connect.</param>
    public static string Refusal(string place, string user, Exception cause)
    {
        var state = (cause as PostgresException)?.SqlState;
        var advice = state switch
        {
            PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
                $"Correct user and password in Store:ConnectionString, or let pg_hba.conf admit the role {user}.",
            PostgresErrorCodes.InvalidCatalogName => "Create the database, or correct its name in Store:ConnectionString.",
            _ when cause.InnerException is AuthenticationException => "Look at the server's certificate and at 'SSL Mode' and 'Root "
                + "Certificate' in Store:ConnectionString.",
            _ => "Look at Store:ConnectionString and at the server's log.",
        };
        return $"{place} does not admit this gateway: {Describe(cause)}. {advice}";
    }

    private static bool IsPassing(string state) =>
        state[..2] is "08" or "53" or "40"
            || state is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow
                or PostgresErrorCodes.ReadOnlySqlTransaction or PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.IdleSessionTimeout;

    private static string Plain(string message) => message.TrimEnd('.');
}
