//! What the checks of `semaphore/per_host` play.

use exam::{Reply, Service, ms};

/// Pages, each with its host, and the service that fetches them.
pub(super) type Wanted = (Vec<(String, String)>, Service);

/// A slow host, whose pages come first in the list, and a fast one.
pub(super) fn two_hosts() -> Wanted {
    wanted(
        "archive/1:711 archive/2:641 archive/3:531 archive/4:421 cdn/1:255 cdn/2:185 cdn/3:145 archive/5:291 cdn/4:335",
    )
}

/// The names of some hosts begin alike, and so do some addresses of different hosts.
pub(super) fn many_hosts() -> Wanted {
    wanted(
        "blog/1:311 blog/2:353 mirror/blog/3:213 news/1:427 shop/1:187 \
         wiki/1:131 mirror/shop/2:173 mail/1:437 mirror/mail/2:503 maps/1:269",
    )
}

/// Twenty-four hosts that take turns, each with two pages that take one to three minutes.
pub(super) fn slow_hosts() -> Wanted {
    let page = |number| format!("host{}/{}:{} ", number % 24 + 1, number / 24 + 1, 61_000 + number * 37 % 101 * 1000);
    wanted(&(0..48).map(page).collect::<String>())
}

/// The first page takes fifty minutes, and the last forty. Hundreds of others, of many hosts, are quick, and every fifth fails.
pub(super) fn many_pages() -> Wanted {
    let page = |number: u64| {
        let bad = if number.is_multiple_of(5) { "bad" } else { "" };
        format!("host{}/{bad}{number}:{} ", number % 150, 100 + number * 37 % 101)
    };
    wanted(&format!("slow/1:3000000 {} slow/2:2400000", (0..1_100).map(page).collect::<String>()))
}

/// Two hosts whose names differ in the case of their letters.
pub(super) fn alike() -> Wanted {
    wanted("CDN/1:311 cdn/2:253 CDN/3:213 cdn/4:427 CDN/5:187")
}

/// Hosts whose names differ in a port, or in a dot at the end.
pub(super) fn with_ports() -> Wanted {
    wanted("cdn:80/1:311 cdn:80/2:253 cdn:81/3:213 cdn/4:427 cdn/5:187 cdn./6:131")
}

/// A host without a name, an empty page, and one with blanks.
pub(super) fn odd() -> Wanted {
    let (mut pages, fetch) = wanted("/4:427 /5:187 /6:131 cdn/7:173");
    pages.extend(["cdn/empty", "cdn/blanks"].map(|page| ("cdn".to_owned(), page.to_owned())));
    (pages, fetch.on("cdn/empty", Reply::ok(ms(253), "")).on("cdn/blanks", Reply::ok(ms(187), " a page ")))
}

/// The page at this place panics. A second fetch of it would succeed. Another page fails.
pub(super) fn one_panics(place: usize) -> Wanted {
    let (mut pages, fetch) = wanted("cdn/1:300 archive/bad:50 cdn/2:200");
    pages.insert(place, ("cdn".to_owned(), "cdn/broken".to_owned()));
    // The last one panics when all others have ended.
    let after = if place == 3 { 900 } else { 100 };
    (
        pages,
        fetch.on("cdn/broken", Reply::panics(ms(after), "is too long")).on("cdn/broken", Reply::ok(ms(100), "a page")),
    )
}

/// The pages of [`two_hosts`] for a call that is dropped. Its requests have another name.
pub(super) fn before() -> Wanted {
    let reply = |after| Reply::ok(ms(after), "a page");
    (two_hosts().0, Service::new("before", reply(311)).then(reply(211)).then(reply(253)).then(reply(971)))
}

/// More failures than there are permits, and pages after them.
pub(super) fn broken() -> Wanted {
    wanted(
        "archive/bad1:113 archive/bad2:233 cdn/bad1:171 archive/bad3:193 \
         archive/1:421 cdn/1:255 cdn/bad2:141 cdn/2:185 archive/2:351",
    )
}

pub(super) fn twice() -> Wanted {
    let (mut pages, fetch) = wanted("cdn/1:153 clock/time:213 cdn/2:187");
    pages.insert(2, pages[1].clone());
    (pages, fetch.on("clock/time", Reply::ok(ms(121), "later")))
}

/// Pages, each with the milliseconds that it takes. A page with `bad` in its name fails.
pub(super) fn wanted(pages: &str) -> Wanted {
    let pages = pages.split_whitespace().filter_map(|page| page.rsplit_once(':'));
    let fetch = pages.clone().fold(Service::new("fetch", Reply::never()), |fetch, (page, after)| {
        let after = ms(after.parse().unwrap_or_default());
        let bad = page.contains("bad");
        fetch.on(
            page,
            if bad { Reply::err(after, format!("knows no {page}")) } else { Reply::ok(after, format!("page {page}")) },
        )
    });
    (pages.map(|(page, _)| (host(page).to_owned(), page.to_owned())).collect(), fetch)
}

/// The host of a page, or of the lane of its call: the part before the last slash.
pub(super) fn host(page: &str) -> &str {
    let page = page.strip_prefix("fetch ").unwrap_or(page);
    page.rsplit('/').nth(1).unwrap_or(page)
}
