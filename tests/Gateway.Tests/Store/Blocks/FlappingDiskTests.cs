using Gateway.Logging;
using Gateway.Store;
using Gateway.Store.Blocks;
using Gateway.Store.Messages;
using Gateway.Tests.Store.Disk;
using Gateway.Tests.Transport;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Store.Blocks;

/// <summary>A disk that refuses and grants in turn, by the hundred: the log tells the first of it, and sums up the rest.</summary>
public sealed class FlappingDiskTests
{
    private const int Rounds = 150;

    [Fact]
    public void WhatComesAndGoes_IsSummedUp()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var log = new LogLines();
        using var loggers = LoggerFactory.Create(logging => logging.AddProvider(log));
        using var limited = new LimitedLoggers(loggers, time);
        var disk = new SimulatedDisk();
        using var store = MessageStore.Open(
            new LiteBlockStore(disk, NullLoggerFactory.Instance),
            new StoreSettings { VolumeBytes = 8 << 20 },
            TestStore.FirstId,
            time,
            limited.CreateLogger<MessageStore>());

        for (var round = 0; round < Rounds; round++)
        {
            disk.FileBytesMax = 1 << 20;
            UntilObstacle(store, isThere: true);
            disk.FileBytesMax = long.MaxValue;
            UntilObstacle(store, isThere: false);
        }

        time.Advance(LimitedLogger.FirstInterval);
        log.Lines.Count(line => line.Contains("New messages are rejected (StoreFull)") && !line.Contains(": again, "))
            .ShouldBe(LimitedLogger.LinesMax);
        log.Lines.Count(line => line.Contains("The disk has room") && !line.Contains(": again, ")).ShouldBe(LimitedLogger.LinesMax);
        log.Lines.Count(line => line.Contains($": again, {Rounds - LimitedLogger.LinesMax} times in ")).ShouldBe(2);
    }

    private static void UntilObstacle(MessageStore store, bool isThere)
    {
        for (var step = 1; store.Obstacle is not null != isThere; step++)
        {
            step.ShouldBeLessThan(2000);
            store.Maintain();
        }
    }
}
