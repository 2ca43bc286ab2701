using Microsoft.EntityFrameworkCore;

namespace Web;

/// <summary>The shop's database. The tables of outbox and inbox are in it too, beside the model.</summary>
internal sealed class ShopContext(DbContextOptions<ShopContext> options) : DbContext(options)
{
    public DbSet<Order> Orders => Set<Order>();
}
