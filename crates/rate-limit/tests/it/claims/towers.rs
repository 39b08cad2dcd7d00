//! tower's `RateLimit`.

use tower::{Service, ServiceExt};

use super::*;

#[test]
fn towers_rate_limit_lets_19_of_10_through_in_50_ms_on_the_paused_clock() {
    on_the_paused_clock(|world| {
        let starts = world.run(async {
            let starts = Starts::new();
            let noted = starts.clone();
            let calls = tower::service_fn(move |()| {
                noted.now();
                async { Ok::<_, std::convert::Infallible>(()) }
            });
            let mut limited = tower::limit::RateLimit::new(calls, tower::limit::rate::Rate::new(10, SECOND));
            limited.ready().await.unwrap().call(()).await.unwrap();
            sleep(ms(975)).await;
            for _ in 0..19 {
                limited.ready().await.unwrap().call(()).await.unwrap();
            }
            starts
        });
        assert_eq!(starts.all()[1..].iter().filter(|start| **start == 975).count(), 9);
        assert_eq!(starts.most_in(50), 19);
    });
}
